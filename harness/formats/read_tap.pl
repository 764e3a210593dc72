# Reads TAP as Perl's harness does, strictly: read_tap.pl FILE; ends with 0 exactly if all passed.
# What is not TAP is told, and ends with 2.
use strict;
use warnings;
use TAP::Parser;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!";
local $/;
my $parser = TAP::Parser->new({tap => <$in>});
my ($tests, $yaml) = (0, 0);
$parser->callback(test => sub { ++$tests });
$parser->callback(yaml => sub { ++$yaml if ref $_[0]->data eq 'HASH' });
my $unknown = 0;
$parser->callback(unknown => sub { ++$unknown; print "no TAP: ", $_[0]->as_string, "\n" });
$parser->run;
my @errors = $parser->parse_errors;
print "$_\n" for @errors;
exit 2 if @errors || $unknown || $parser->version != 13;
print "$tests tests, $yaml with YAML\n";
exit($parser->has_problems || $parser->failed ? 1 : 0);
