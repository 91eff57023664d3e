using System.Security.Cryptography;
using System.Text;

namespace IlgpuDca.Evaluation.Study;

/// <summary>A file that a task reads.</summary>
/// <param name="Name">As the study names it.</param>
/// <param name="Content">Its text.</param>
public sealed record StudyText(string Name, string Content)
{
    /// <summary>Its name with a mark of its content: another content is another setting.</summary>
    public string Mark { get; } = $"{Name}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)))[..12]}";
}
