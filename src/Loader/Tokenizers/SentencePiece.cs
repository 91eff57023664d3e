namespace IlgpuDca.Loader;

/// <summary>One entry of the vocabulary.</summary>
/// <param name="Text">With U+2581 for a space.</param>
/// <param name="Score">Merge priority: the higher, the earlier.</param>
/// <param name="Kind">What it stands for.</param>
readonly record struct SentencePiece(string Text, float Score, TokenKind Kind);
