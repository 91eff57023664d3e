namespace ILGPU;

/// <summary>An index with 32-bit components.</summary>
public interface IIntIndex : IIndex
{
    /// <summary>Elements of the extent, in 32 bits.</summary>
    new int Size { get; }
}
