using System.Collections.Immutable;

namespace IlgpuDca.Loader;

/// <summary>One entry of a file's header, checked against the file.</summary>
/// <param name="Name">As in the file that holds it.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Outermost dimension first; empty for a scalar; a dimension may be 0.</param>
/// <param name="Offset">First byte of the data, counted from the start of the file; not aligned to anything.</param>
/// <param name="ByteLength">Size of the data in bytes.</param>
public sealed record TensorInfo(
    string Name, TensorType DType, ImmutableArray<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Number of elements: the product of the shape.</summary>
    public long Elements
    {
        get
        {
            long elements = 1;
            foreach (long dimension in Shape)
                elements *= dimension;
            return elements;
        }
    }

    /// <summary>The shape as messages show it: <c>[4096, 256]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
