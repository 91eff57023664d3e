namespace ILGPU;

/// <summary>An index type that kernels know natively.</summary>
public interface IIntrinsicIndex : IIndex
{
    /// <summary>Which index type this is.</summary>
    IndexType IndexType { get; }
}
