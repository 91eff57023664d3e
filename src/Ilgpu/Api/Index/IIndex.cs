namespace ILGPU;

/// <summary>An index or extent of any dimension.</summary>
public interface IIndex
{
    /// <summary>Elements of the extent.</summary>
    long Size { get; }
}
