namespace IlgpuDca.Loader;

/// <summary>A token of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string, without quotes and escapes.</param>
/// <param name="Line">From 1.</param>
readonly record struct JinjaToken(JinjaTokenKind Kind, string Text, int Line);
