namespace IlgpuDca.Loader;

/// <summary>A value that stands in the template.</summary>
sealed class JinjaLiteral(object? value) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope) => value;
}
