using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Model.Generation;

/// <summary>Continues a text token by token.</summary>
public static class TextGenerator
{
    /// <summary>Draws tokens until one ends the text or enough are drawn; the ending token is given too.</summary>
    /// <param name="session">Holds the prompt already, with its logits.</param>
    /// <param name="prompt">The same ids, for the penalties.</param>
    /// <param name="predict">Most tokens to draw.</param>
    /// <param name="options">How they are drawn.</param>
    /// <param name="endIds">Ids that end the text; empty: none does.</param>
    /// <param name="cancellation">Looked at before each token.</param>
    public static IEnumerable<int> Generate(TextSession session, IReadOnlyList<int> prompt, int predict, SamplingOptions options,
        IReadOnlyCollection<int> endIds, CancellationToken cancellation = default)
    {
        List<int> text = [.. prompt];
        for (int drawn = 0; drawn < predict; drawn++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (drawn > 0)
                session.Append([text[^1]], null, cancellation);
            int token = session.Sample(options, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text));
            text.Add(token);
            yield return token;
            if (endIds.Contains(token))
                yield break;
        }
    }
}
