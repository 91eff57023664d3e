namespace IlgpuDca.Loader;

/// <summary>Gives a value to names, or to a member of a namespace.</summary>
sealed class JinjaSet(int line, IReadOnlyList<string> names, string? attribute, JinjaExpression value) : JinjaStatement
{
    public override JinjaFlow Run(JinjaScope scope)
    {
        scope.Run.Line = line;
        object? result = value.Value(scope);
        if (attribute is null)
            JinjaUnpacking.Set(scope, names, result);
        else if (scope.Get(names[0]) is JinjaNamespace space)
            space.Members[attribute] = result;
        else
            throw scope.Run.Fault($"{ModelFormatException.Quote(names[0])} is no namespace, "
                + "so it has no members to set.");
        return JinjaFlow.Next;
    }
}
