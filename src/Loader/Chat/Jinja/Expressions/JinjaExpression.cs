namespace IlgpuDca.Loader;

/// <summary>Something with a value.</summary>
abstract class JinjaExpression
{
    /// <summary>Its value in a scope; throws <see cref="TemplateException"/>.</summary>
    public object? Value(JinjaScope scope)
    {
        scope.Run.Step();
        return Evaluate(scope);
    }

    protected abstract object? Evaluate(JinjaScope scope);
}
