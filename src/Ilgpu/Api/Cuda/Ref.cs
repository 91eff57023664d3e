namespace ILGPU.Runtime.Cuda;

/// <summary>An operand that the instruction reads and writes.</summary>
public struct Ref<T> : ICudaAsmEmitParameter
    where T : struct
{
    /// <summary>The operand's value.</summary>
    public T Value;

    public static implicit operator Ref<T>(T value) => new() { Value = value };
}
