using System.CommandLine;
using IlgpuDca.Evaluation;

namespace IlgpuDca.Cli.Flags;

/// <summary>How answers are scored.</summary>
static class ScoringFlag
{
    public static Option<string?> Create() => Flag.Word("--score",
        "generation: the answer is written greedily; likelihood: it is more likely than every wrong answer. Default: "
            + "generation.",
        "generation", "likelihood");

    public static Scoring Of(string? word) => word == "likelihood" ? Scoring.Likelihood : Scoring.Generation;
}
