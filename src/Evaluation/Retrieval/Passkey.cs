using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>Passkey retrieval: whether a model repeats digits that stood somewhere in a long text.</summary>
public static class Passkey
{
    /// <summary>One trial, greedily: every id of the answer must be the most probable one.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention.</param>
    /// <param name="prompt">The ids before the answer.</param>
    /// <param name="answer">The ids that must follow.</param>
    /// <param name="progress">Gets the tokens done.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    public static bool Try(Engine engine, AttentionPlan plan, int[] prompt, int[] answer,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        using TextSession session = engine.Begin(plan, prompt.Length + answer.Length);
        session.Append(prompt, progress, cancellation);
        return Retrieval.Writes(session, answer, cancellation);
    }

    /// <summary>Tokens of a trial's prompt and answer.</summary>
    public static int Tokens(IPasskeyPrompts prompts, int length, PasskeyTrial trial)
    {
        (int[] prompt, int[] answer) = prompts.Build(trial.Key, length, trial.Depth);
        return prompt.Length + answer.Length;
    }

    /// <summary>All trials of a length.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention of every trial.</param>
    /// <param name="prompts">The protocol.</param>
    /// <param name="length">Tokens, as the protocol counts them.</param>
    /// <param name="trials">Keys and depths.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <returns>A cell for each depth, in the trials' order.</returns>
    public static IReadOnlyList<RetrievalCell> Measure(Engine engine, AttentionPlan plan, IPasskeyPrompts prompts,
        int length, IReadOnlyList<PasskeyTrial> trials, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        List<RetrievalCell> cells = [];
        foreach (PasskeyTrial trial in trials)
        {
            (int[] prompt, int[] answer) = prompts.Build(trial.Key, length, trial.Depth);
            int tokens = prompt.Length + answer.Length;
            PartProgress part = new(progress, cells.Count, trials.Count, tokens);
            bool found = Try(engine, plan, prompt, answer, part, cancellation);
            cells.Add(new RetrievalCell(length, trial.Depth, found ? 1 : 0, 1, tokens));
        }
        return RetrievalCell.Merge(cells);
    }
}
