namespace IlgpuDca.Loader;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">system, user, assistant or tool.</param>
/// <param name="Content">Its text.</param>
public sealed record ChatMessage(string Role, string Content);
