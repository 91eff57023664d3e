namespace ILGPU;

/// <summary>A view whose elements lie side by side.</summary>
public interface IContiguousArrayView : IArrayView
{
    /// <summary>First element, counted from the start of the buffer.</summary>
    long Index { get; }

    /// <summary>First byte, counted from the start of the buffer.</summary>
    long IndexInBytes { get; }

    /// <summary>The same range as bytes.</summary>
    ArrayView<byte> AsRawArrayView();
}
