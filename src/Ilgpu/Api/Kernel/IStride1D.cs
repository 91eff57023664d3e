namespace ILGPU;

/// <summary>How one-dimensional indices map to elements.</summary>
public interface IStride1D
{
    /// <summary>Elements from one index to the next.</summary>
    int XStride { get; }
}
