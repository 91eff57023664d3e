namespace IlgpuDca.Evaluation;

/// <summary>One window of a text. All in tokens.</summary>
/// <param name="Start">The first id's place in the text.</param>
/// <param name="Tokens">Ids that are read, each of which predicts the one that follows it.</param>
/// <param name="FirstScored">The first of those predictions that counts.</param>
public readonly record struct PerplexityWindow(int Start, int Tokens, int FirstScored)
{
    /// <summary>Predictions that count.</summary>
    public int Scored => Tokens - FirstScored;

    /// <summary>The first position of a bucket of the curve; of the one after the last, the end.</summary>
    /// <param name="bucket">0 to buckets.</param>
    /// <param name="buckets">At most as many as there are positions.</param>
    public int BucketStart(int bucket, int buckets) => (int)((long)Tokens * bucket / buckets);
}
