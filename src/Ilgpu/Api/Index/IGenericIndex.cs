namespace ILGPU;

/// <summary>Arithmetic that every index type offers.</summary>
public interface IGenericIndex<TIndex> : IIndex
    where TIndex : struct, IIndex
{
    /// <summary>Component-wise sum.</summary>
    TIndex Add(TIndex rhs);

    /// <summary>Component-wise difference.</summary>
    TIndex Subtract(TIndex rhs);

    /// <summary>Whether this position lies inside the extent.</summary>
    bool InBounds(TIndex dimension);

    /// <summary>Whether this position lies inside the extent or on its end.</summary>
    bool InBoundsInclusive(TIndex dimension);
}
