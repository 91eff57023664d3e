namespace ILGPU;

/// <summary>A view of T whose elements lie side by side.</summary>
public interface IContiguousArrayView<T> : IContiguousArrayView
    where T : unmanaged
{
}
