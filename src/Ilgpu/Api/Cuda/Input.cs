namespace ILGPU.Runtime.Cuda;

/// <summary>An operand that the instruction reads.</summary>
public struct Input<T> : ICudaAsmEmitParameter
    where T : struct
{
    /// <summary>The operand's value.</summary>
    public T Value;

    public static implicit operator Input<T>(T value) => new() { Value = value };
}
