namespace IlgpuDca.Loader;

/// <summary>
/// What a name or member without a value gives: empty as text, false, and nothing else can be done with it.
/// </summary>
sealed record JinjaUndefined(string Name);
