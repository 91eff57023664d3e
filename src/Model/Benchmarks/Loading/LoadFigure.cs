namespace IlgpuDca.Model.Benchmarks.Loading;

/// <summary>How fast weights come onto the device.</summary>
/// <param name="Bytes">Bytes of the weights on the device.</param>
/// <param name="FirstSeconds">The first load, for which the disk may have been read.</param>
/// <param name="Seconds">Those after it: from the page cache, every file mapped anew.</param>
/// <param name="PinnedBytesPerSecond">What one copy from page-locked memory reaches.</param>
public sealed record LoadFigure(long Bytes, double FirstSeconds, IReadOnlyList<double> Seconds, double PinnedBytesPerSecond)
{
    /// <summary>Bytes per second of the median load.</summary>
    public double BytesPerSecond => Bytes / Statistics.Median(Seconds);

    /// <summary>Standard deviation of the loads' bytes per second.</summary>
    public double Deviation => Statistics.Deviation([.. Seconds.Select(seconds => Bytes / seconds)]);

    /// <summary>The part of the page-locked copy's rate.</summary>
    public double Share => BytesPerSecond / PinnedBytesPerSecond;
}
