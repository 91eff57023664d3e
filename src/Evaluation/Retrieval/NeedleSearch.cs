using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>Needles in a haystack: whether a model finds facts at every depth of a text.</summary>
public static class NeedleSearch
{
    /// <summary>All trials of a length.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention of every trial.</param>
    /// <param name="prompts">The haystack.</param>
    /// <param name="setting">Facts, depths and trials.</param>
    /// <param name="length">Tokens of text, question and answer together.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <returns>A cell for each depth.</returns>
    /// <exception cref="UsageException">
    /// The length is too short, or scoring by likelihood has nothing to compare with.
    /// </exception>
    public static IReadOnlyList<RetrievalCell> Measure(Engine engine, AttentionPlan plan, HaystackPrompts prompts,
        NeedleSetting setting, int length, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        List<RetrievalCell> cells = [];
        int total = checked(setting.Depths * setting.Trials);
        for (int trial = 0; trial < total; trial++)
        {
            double depth = Depths.Even(trial / setting.Trials, setting.Depths);
            RetrievalPrompt prompt = Build(prompts, setting, length, depth, trial);
            bool[] found = Retrieval.Ask(engine, plan, prompt, setting.Scoring,
                new PartProgress(progress, trial, total, prompt.Length), cancellation);
            cells.Add(new RetrievalCell(length, depth, found.Count(one => one), found.Length, prompt.Length));
        }
        return RetrievalCell.Merge(cells);
    }

    /// <summary>The prompt of one trial: what it draws depends on the seed, the length and the trial alone.</summary>
    public static RetrievalPrompt Build(HaystackPrompts prompts, NeedleSetting setting, int length, double depth,
        int trial)
    {
        SplitMix64 random = SplitMix64.Of(setting.Seed, length, trial);
        int start = trial % setting.Trials == 0 ? 0 : random.Below(prompts.Tokens);
        bool draws = setting.Needles.Count == 0;
        int asked = draws ? setting.DrawnNeedles : 0;
        IReadOnlyList<Needle> drawn = Needle.Draw(random, asked + setting.DrawnDistractors);
        return prompts.Build(draws ? [.. drawn.Take(asked)] : setting.Needles,
            [.. setting.Distractors, .. drawn.Skip(asked).Select(needle => needle.Fact)], length, depth, start);
    }
}
