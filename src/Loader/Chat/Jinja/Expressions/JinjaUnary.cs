namespace IlgpuDca.Loader;

/// <summary>not, minus or plus.</summary>
sealed class JinjaUnary(string sign, JinjaExpression value) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope)
    {
        object? of = value.Value(scope);
        return (sign, of) switch
        {
            ("not", _) => !JinjaValues.IsTrue(of),
            ("-", long number) => unchecked(-number),
            ("-", double number) => -number,
            ("+", long or double) => of,
            _ => throw scope.Run.Fault($"{sign} needs a number, found {JinjaValues.TypeName(of)}."),
        };
    }
}
