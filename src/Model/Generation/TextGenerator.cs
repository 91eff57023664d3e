using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Model.Generation;

/// <summary>Continues a text token by token.</summary>
public static class TextGenerator
{
    /// <summary>
    /// Draws tokens until one ends the text or enough are drawn; the ending token is given too. The device is one step ahead: while
    /// a token is looked at, the next is being computed.
    /// </summary>
    /// <param name="session">Holds the prompt already, with its logits.</param>
    /// <param name="predict">Most tokens to draw.</param>
    /// <param name="options">How they are drawn.</param>
    /// <param name="endIds">Ids that end the text; empty: none does.</param>
    /// <param name="cancellation">Looked at before each token.</param>
    public static IEnumerable<int> Generate(TextSession session, int predict, SamplingOptions options,
        IReadOnlyCollection<int> endIds, CancellationToken cancellation = default)
    {
        int[] ends = [.. endIds];
        try
        {
            for (int read = 0; read < predict; read++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (read == 0)
                    session.QueueToken(options);
                if (read + 1 < predict)
                    session.QueueToken(options);
                int token = session.ReadToken();
                yield return token;
                if (Array.IndexOf(ends, token) >= 0)
                    yield break;
            }
        }
        finally
        {
            session.DropQueued();
        }
    }
}
