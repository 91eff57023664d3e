namespace IlgpuDca.Loader;

/// <summary><c>value[start:stop:step]</c> of a list or a string.</summary>
sealed class JinjaSlice(JinjaExpression value, JinjaExpression? start, JinjaExpression? stop, JinjaExpression? step)
    : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope)
    {
        object? of = value.Value(scope);
        int count = of switch
        {
            string text => text.Length,
            List<object?> list => list.Count,
            _ => throw scope.Run.Fault($"{JinjaValues.TypeName(of)} can't be sliced."),
        };
        List<int> indices = Indices(count, scope);
        scope.Run.Take(indices.Count);
        return of is string characters
            ? string.Concat(indices.Select(index => characters[index]))
            : indices.Select(index => ((List<object?>)of!)[index]).ToList();
    }

    List<int> Indices(int count, JinjaScope scope)
    {
        long by = Bound(step, scope) ?? 1;
        if (by == 0)
            throw scope.Run.Fault("a slice needs a step other than 0.");
        (long least, long most) = by > 0 ? (0L, count) : (-1L, count - 1L);
        long from = Place(start, by > 0 ? least : most), to = Place(stop, by > 0 ? most : least);
        List<int> indices = [];
        for (long index = from; by > 0 ? index < to : index > to; index += by)
            indices.Add((int)index);
        return indices;

        long Place(JinjaExpression? bound, long standard) => Bound(bound, scope) is { } index
            ? Math.Clamp(index < 0 ? index + count : index, least, most) : standard;
    }

    static long? Bound(JinjaExpression? bound, JinjaScope scope) => bound?.Value(scope) switch
    {
        null => null,
        long index => Math.Clamp(index, int.MinValue, int.MaxValue),
        var other => throw scope.Run.Fault($"a slice needs whole numbers, found {JinjaValues.TypeName(other)}."),
    };
}
