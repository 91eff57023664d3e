using System.CommandLine;
using IlgpuDca.Evaluation;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Flags;

/// <summary>Which facts are hidden, where, and how they are asked for.</summary>
sealed class NeedleFlags
{
    readonly Option<string[]> _needle = Flag.Texts("--needle",
        "A fact to hide; may be repeated, each with its --question and --answer. Default: drawn, \"The NAME number is "
            + "123.\"", "TEXT");

    readonly Option<string[]> _question = Flag.Texts("--question", "What follows the text; the answer continues it.",
        "TEXT");
    readonly Option<string[]> _answer = Flag.Texts("--answer", "What must follow the question.", "TEXT");
    readonly Option<string[]> _candidate = Flag.Texts("--candidate",
        "A wrong answer for --score likelihood; may be repeated.", "TEXT");
    readonly Option<string[]> _distractor = Flag.Texts("--distractor",
        "A fact to hide that is not asked for; may be repeated.", "TEXT");
    readonly Option<int?> _needles = Flag.Integer("--needles", "Facts to draw and ask for. Default: 1.", 1, 1000);
    readonly Option<int?> _distractors = Flag.Integer("--distractors",
        "Facts to draw that are not asked for. Default: 0.", 0, 1000);
    readonly Option<int?> _depths = Flag.Integer("--depths", "Depths from 0 to 1, evenly. Default: 5.", 1, 10_000);
    readonly Option<int?> _trials = Flag.Integer("--trials", "Trials of each depth. Default: 1.", 1, 100_000);
    readonly Option<string?> _score = ScoringFlag.Create();
    readonly Option<int?> _seed = Flag.Integer("--seed", "Draws facts, and where the haystack begins. Default: 0.",
        0, int.MaxValue, "-s");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [_needle, _question, _answer, _candidate, _distractor, _needles, _distractors, _depths, _trials, _score,
                _seed])
            command.Add(option);
    }

    public NeedleSetting Of(ParseResult parsed)
    {
        string[] facts = parsed.GetRequiredValue(_needle), questions = parsed.GetRequiredValue(_question),
            answers = parsed.GetRequiredValue(_answer), candidates = parsed.GetRequiredValue(_candidate);
        Scoring scoring = ScoringFlag.Of(parsed.GetValue(_score));
        if (questions.Length != facts.Length || answers.Length != facts.Length)
            throw new UsageException($"--needle is given {facts.Length} times, --question {questions.Length} and "
                + $"--answer {answers.Length} times: give each needle its question and its answer.");
        if (facts.Concat(questions).Concat(answers).Concat(candidates).Any(string.IsNullOrWhiteSpace))
            throw new UsageException("--needle, --question, --answer and --candidate take texts that are not empty: "
                + "give each some words.");
        if (facts.Length > 0 && parsed.GetValue(_needles) is not null)
            throw new UsageException("--needles draws facts and --needle gives them: leave one of them out.");
        if (facts.Length == 0 && candidates.Length > 0)
            throw new UsageException("--candidate is for facts given with --needle: leave it out, drawn facts have "
                + "wrong answers of their own.");
        Needle[] needles = [.. facts.Select((fact, i) =>
            new Needle(fact, questions[i], answers[i], [.. candidates.Concat(answers).Except([answers[i]])]))];
        if (scoring == Scoring.Likelihood && needles.Any(needle => needle.Wrong.Count == 0))
            throw new UsageException("--score likelihood compares the answer with wrong ones: give at least one "
                + "--candidate.");
        return new NeedleSetting
        {
            Needles = needles,
            Distractors = parsed.GetRequiredValue(_distractor),
            DrawnNeedles = parsed.GetValue(_needles) ?? 1,
            DrawnDistractors = parsed.GetValue(_distractors) ?? 0,
            Depths = parsed.GetValue(_depths) ?? 5,
            Trials = parsed.GetValue(_trials) ?? 1,
            Seed = (ulong)(parsed.GetValue(_seed) ?? 0),
            Scoring = scoring,
        };
    }
}
