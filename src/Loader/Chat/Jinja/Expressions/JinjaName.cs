namespace IlgpuDca.Loader;

/// <summary>A variable.</summary>
sealed class JinjaName(string name) : JinjaExpression
{
    public string Name => name;

    protected override object? Evaluate(JinjaScope scope) => scope.Get(name);
}
