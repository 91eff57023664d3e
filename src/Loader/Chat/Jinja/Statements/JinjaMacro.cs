namespace IlgpuDca.Loader;

/// <summary>Names a block that can be called with values.</summary>
sealed class JinjaMacro(int line, string name, IReadOnlyList<(string Name, JinjaExpression? Standard)> parameters,
    JinjaBlock body)
    : JinjaStatement
{
    readonly JinjaCapture _body = new(body);

    public override JinjaFlow Run(JinjaScope scope)
    {
        scope.Run.Line = line;
        scope.Set(name, new JinjaFunction(call => Call(call, scope.Root)));
        return JinjaFlow.Next;
    }

    object? Call(JinjaCallValues call, JinjaScope outer)
    {
        call.Run.Step();
        int calledFrom = call.Run.Line;
        var scope = new JinjaScope(call.Run, outer);
        if (call.Positional.Count > parameters.Count)
            throw call.Fault($"takes {parameters.Count} values, found {call.Positional.Count}.");
        for (int i = 0; i < parameters.Count; i++)
        {
            (string parameter, JinjaExpression? standard) = parameters[i];
            scope.Set(parameter,
                call.Get(i, parameter, standard is null ? new JinjaUndefined(parameter) : standard.Value(scope)));
        }
        object? written = _body.Value(scope);
        call.Run.Line = calledFrom;
        return written;
    }
}
