#!/usr/bin/perl
# Scripts that are hostile: one half of the cases *.lua of this folder, or those
# named in the arguments.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../faults";
use Pool 'try_cases';

alarm 900;
try_cases($FindBin::Bin, sub { $_[0] =~ /\.lua\z/ && $_[1] % 2 == 0 });
