namespace IlgpuDca.Loader;

/// <summary>The kinds of piece, numbered as in tokenizer.model.</summary>
enum SentencePieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
