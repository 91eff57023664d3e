namespace ILGPU.Runtime;

/// <summary>A SpecializedValue seen without its type.</summary>
static class SpecializedValueType
{
    /// <summary>The T of SpecializedValue&lt;T&gt;; null for other types.</summary>
    public static Type? ValueOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(SpecializedValue<>)
            ? type.GetGenericArguments()[0]
            : null;
}
