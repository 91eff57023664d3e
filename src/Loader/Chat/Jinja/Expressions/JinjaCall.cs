namespace IlgpuDca.Loader;

/// <summary>A call of a function, method or macro.</summary>
sealed class JinjaCall(JinjaExpression called, JinjaArguments arguments) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope) => called.Value(scope) switch
    {
        JinjaFunction function => function.Call(arguments.Values((called as JinjaName)?.Name ?? "the method", scope)),
        var other => throw scope.Run.Fault($"{JinjaValues.TypeName(other)} can't be called."),
    };
}
