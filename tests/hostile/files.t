#!/usr/bin/perl
# Folders, files and commands that are hostile: the cases *.sh of this folder,
# or those named in the arguments.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../faults";
use Pool 'try_cases';

alarm 900;
try_cases($FindBin::Bin, sub { $_[0] =~ /\.sh\z/ });
