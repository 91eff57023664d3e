using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Model;

/// <summary>
/// One text on the device: its cache grows with every token appended. Not thread-safe. What is appended in one call or in many
/// gives the same values within the mode's limit, for nothing depends on where a text is cut.
/// </summary>
public abstract class TextSession : IDisposable
{
    /// <summary>The attention that was decided for this text.</summary>
    public required AttentionPlan Plan { get; init; }

    /// <summary>Tokens that fit.</summary>
    public required int Capacity { get; init; }

    /// <summary>Tokens so far.</summary>
    public int Length { get; protected set; }

    /// <summary>Appends tokens and leaves the logits of the last on the device.</summary>
    /// <param name="ids">At least one, each below the vocabulary's size.</param>
    /// <param name="progress">Gets the tokens done, after each slice.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <exception cref="ContextExceededException">The text would pass <see cref="Capacity"/>.</exception>
    public abstract void Append(ReadOnlySpan<int> ids, IProgress<int>? progress = null, CancellationToken cancellation = default);

    /// <summary>Appends tokens and tells how surprised the model was by each target: nll[t] of targets[t] after ids[..t].</summary>
    /// <param name="ids">Tokens to append.</param>
    /// <param name="targets">For each the token that should follow it.</param>
    /// <param name="progress">Gets the tokens done, after each slice.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <returns>Negative log-likelihoods in nats, one for each target.</returns>
    public abstract float[] Score(ReadOnlySpan<int> ids, ReadOnlySpan<int> targets, IProgress<int>? progress = null, CancellationToken cancellation = default);

    /// <summary>Draws the token that follows, from the logits that <see cref="Append"/> left; the text stays as it is.</summary>
    /// <param name="options">How.</param>
    public abstract int Sample(in SamplingOptions options);

    /// <summary>
    /// Queues the draw of one more token behind those queued before, without waiting: the token drawn last is carried through the
    /// model first, on the device. The first one after <see cref="Append"/> comes from the logits that it left.
    /// </summary>
    /// <param name="options">How to draw.</param>
    /// <exception cref="ContextExceededException">The text would pass <see cref="Capacity"/>.</exception>
    public abstract void QueueToken(in SamplingOptions options);

    /// <summary>Waits for the oldest token that is queued and not read.</summary>
    public abstract int ReadToken();

    /// <summary>Takes back what was queued and not read. Then Length counts all tokens read but the last, which the model has not seen.</summary>
    public abstract void DropQueued();

    /// <summary>
    /// Forgets the tokens from a place on; the next <see cref="Append"/> puts others there. Until then nothing can be drawn, as
    /// there are no logits of the token that is last now.
    /// </summary>
    /// <param name="length">Tokens that stay: 0 to <see cref="Length"/>, tokens queued and not read not counted.</param>
    public void Truncate(int length)
    {
        DropQueued();
        if (length < 0 || length > Length)
            throw new ArgumentOutOfRangeException(nameof(length), $"Truncate: {length} tokens are to stay of {Length}.");
        Length = length;
    }

    /// <summary>The last token's logits.</summary>
    public abstract float[] Logits();

    /// <summary>Refuses to go on where the last token's logits hold NaN: what is drawn from them means nothing.</summary>
    /// <param name="model">How the message calls the model.</param>
    /// <exception cref="ModelFormatException">They do.</exception>
    public void RequireNumbers(string model)
    {
        if (Array.Exists(Logits(), float.IsNaN))
            throw new ModelFormatException(model, "gives logits that are NaN, expected numbers: its weights hold NaN or infinity, or are too large. "
                + "Fix: get the files again, or try --dtype f32.");
    }

    /// <summary>Makes the text this many tokens long without computing them, for measuring speed: keys and values are drawn at random.</summary>
    /// <param name="tokens">0 to <see cref="Capacity"/>; shorter than the text cuts it.</param>
    internal virtual void Pretend(int tokens) => throw new NotSupportedException($"{GetType().Name} has no cache to fill.");

    public abstract void Dispose();
}
