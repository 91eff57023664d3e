namespace ILGPU.Runtime;

/// <summary>Makes specialized values.</summary>
public static class SpecializedValue
{
    /// <summary>A value that the kernel is compiled for.</summary>
    public static SpecializedValue<T> New<T>(T value)
        where T : unmanaged, IEquatable<T> =>
        new(value);
}
