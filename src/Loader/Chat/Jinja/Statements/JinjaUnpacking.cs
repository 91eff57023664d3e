namespace IlgpuDca.Loader;

/// <summary>Gives a value to one name, or the items of a list to several.</summary>
static class JinjaUnpacking
{
    public static void Set(JinjaScope scope, IReadOnlyList<string> names, object? value)
    {
        if (names.Count == 1)
        {
            scope.Set(names[0], value);
            return;
        }
        if (value is not List<object?> items || items.Count != names.Count)
            throw scope.Run.Fault($"{names.Count} names need a list of as many, found {JinjaValues.TypeName(value)}"
                + $"{(value is List<object?> list ? $" of {list.Count}" : "")}.");
        for (int i = 0; i < names.Count; i++)
            scope.Set(names[i], items[i]);
    }
}
