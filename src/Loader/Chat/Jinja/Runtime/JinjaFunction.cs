namespace IlgpuDca.Loader;

/// <summary>Something that a template can call: a method, a macro, a global function.</summary>
/// <param name="call">What it does; the values are in <see cref="JinjaCallValues"/>.</param>
sealed class JinjaFunction(Func<JinjaCallValues, object?> call)
{
    public object? Call(JinjaCallValues values) => call(values);
}
