using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;

namespace IlgpuDca.Evaluation;

/// <summary>Passkey retrieval: whether a model repeats five digits that stood somewhere in a long text.</summary>
public static class Passkey
{
    /// <summary>One trial, greedily: every id of the answer must be the most probable one.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention.</param>
    /// <param name="prompt">The ids before the answer.</param>
    /// <param name="answer">The ids that must follow.</param>
    /// <param name="progress">Gets the tokens done.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    public static bool Try(Engine engine, AttentionPlan plan, int[] prompt, int[] answer, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        using TextSession session = engine.Begin(plan, prompt.Length + answer.Length);
        session.Append(prompt, progress, cancellation);
        int matched = 0;
        foreach (int token in TextGenerator.Generate(session, answer.Length, SamplingOptions.Greedy, [], cancellation))
        {
            if (token != answer[matched])
                return false;
            matched++;
        }
        return true;
    }
}
