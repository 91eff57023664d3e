namespace IlgpuDca.Loader;

/// <summary>The one value whose members a template may set.</summary>
sealed class JinjaNamespace
{
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);
}
