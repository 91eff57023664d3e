namespace IlgpuDca.Loader;

/// <summary>One entry of a vocabulary.</summary>
/// <param name="Text">As the vocabulary writes it.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Bytes">What it adds to a decoded text.</param>
readonly record struct Token(string Text, TokenKind Kind, byte[] Bytes);
