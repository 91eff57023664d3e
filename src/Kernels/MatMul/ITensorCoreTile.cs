namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// The sizes of a tile of <see cref="TensorCoreTile{TTile, TOut, TEpilogue, TRows, TColumns}"/>: a struct without fields, a type
/// argument of kernels.
/// </summary>
public interface ITensorCoreTile
{
    /// <summary>Outputs of a group along the columns, a multiple of 64; also the group's threads.</summary>
    static abstract int Columns { get; }

    /// <summary>Elements along k of a stage, a multiple of 32.</summary>
    static abstract int Step { get; }

    /// <summary>Stages in the ring, at least 3: one is read, the others are on their way.</summary>
    static abstract int Stages { get; }
}
