namespace IlgpuDca.Loader;

/// <summary>A token that is found in the text before anything else is done with it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its spelling.</param>
/// <param name="IsControl">Whether it is found only where control tokens are parsed.</param>
/// <param name="StripsLeft">Whether it takes the white space before it.</param>
/// <param name="StripsRight">Whether it takes the white space behind it.</param>
/// <param name="IsWholeWord">Whether letters, digits or _ beside it hide it.</param>
sealed record AddedToken(int Id, string Text, bool IsControl, bool StripsLeft = false, bool StripsRight = false,
    bool IsWholeWord = false);
