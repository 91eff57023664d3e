namespace IlgpuDca.Loader;

/// <summary>The ids with a part to play.</summary>
/// <param name="Bos">Begins texts, or null.</param>
/// <param name="Eos">Ends texts, or null.</param>
/// <param name="Unknown">Stands for what has no token, or null.</param>
/// <param name="AddsBos">Whether texts begin with <paramref name="Bos"/>.</param>
/// <param name="OtherEnds">Ids that end a turn or a message, beside <paramref name="Eos"/>.</param>
sealed record TokenRoles(int? Bos, int? Eos, int? Unknown, bool AddsBos, IReadOnlyCollection<int> OtherEnds);
