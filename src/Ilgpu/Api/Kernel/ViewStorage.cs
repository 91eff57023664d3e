using ILGPU.Runtime;

namespace ILGPU;

/// <summary>
/// What every view holds on the host, whatever its element type: launchers read it without knowing T.
/// </summary>
readonly struct ViewStorage(MemoryBuffer? source, long index, long length)
{
    /// <summary>The buffer; null in the empty view.</summary>
    public readonly MemoryBuffer? Source = source;

    /// <summary>First element, counted from the start of the buffer in the view's own elements.</summary>
    public readonly long Index = index;

    /// <summary>Elements.</summary>
    public readonly long Length = length;
}
