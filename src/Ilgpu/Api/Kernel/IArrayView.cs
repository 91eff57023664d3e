using ILGPU.Runtime;

namespace ILGPU;

/// <summary>A range of elements in a buffer.</summary>
public interface IArrayView
{
    /// <summary>The buffer; throws where the view is not valid.</summary>
    MemoryBuffer Buffer { get; }

    /// <summary>Bytes of one element.</summary>
    int ElementSize { get; }

    /// <summary>Elements.</summary>
    long Length { get; }

    /// <summary>Bytes.</summary>
    long LengthInBytes { get; }

    /// <summary>Whether the view has a buffer.</summary>
    bool IsValid { get; }
}
