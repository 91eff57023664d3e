namespace IlgpuDca.Loader;

/// <summary>
/// Runs its body for each item, in a scope of its own each time; or the other body where there is none.
/// </summary>
sealed class JinjaFor(int line, IReadOnlyList<string> names, JinjaExpression items, JinjaExpression? condition,
    JinjaBlock body, JinjaBlock? otherwise) : JinjaStatement
{
    public override JinjaFlow Run(JinjaScope scope)
    {
        scope.Run.Line = line;
        List<object?> chosen = [];
        foreach (object? item in JinjaValues.Items(items.Value(scope), scope.Run))
        {
            scope.Run.Take(1);
            if (condition is null || JinjaValues.IsTrue(condition.Value(ScopeOf(item, scope))))
                chosen.Add(item);
        }
        if (chosen.Count == 0)
            return otherwise?.Run(scope) ?? JinjaFlow.Next;
        var loop = new JinjaLoop(chosen);
        for (int index = 0; index < chosen.Count; index++)
        {
            loop.Index = index;
            JinjaScope inner = ScopeOf(chosen[index], scope);
            inner.Set("loop", loop);
            if (body.Run(inner) == JinjaFlow.Break)
                break;
        }
        return JinjaFlow.Next;
    }

    JinjaScope ScopeOf(object? item, JinjaScope scope)
    {
        var inner = new JinjaScope(scope.Run, scope);
        JinjaUnpacking.Set(inner, names, item);
        return inner;
    }
}
