#!/usr/bin/perl
# Hosts whose answers are hostile, each asked by every function that reads one:
# the cases *.host of this folder, or those named in the arguments.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../faults";
use Pool 'try_cases';

alarm 900;
try_cases($FindBin::Bin, sub { $_[0] =~ /\.host\z/ });
