namespace IlgpuDca.Loader;

/// <summary>An added token in a text.</summary>
/// <param name="Id">Which.</param>
/// <param name="Start">First character that it takes.</param>
/// <param name="End">The character behind it.</param>
readonly record struct AddedTokenMatch(int Id, int Start, int End);
