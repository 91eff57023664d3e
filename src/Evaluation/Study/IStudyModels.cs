using IlgpuDca.Model;

namespace IlgpuDca.Evaluation.Study;

/// <summary>Where a study gets its models: one is open at a time.</summary>
public interface IStudyModels
{
    /// <summary>Loads a model, closing the one before.</summary>
    /// <param name="model">As the study names it.</param>
    /// <param name="cancellation">Looked at between parts of the weights.</param>
    Engine Open(string model, CancellationToken cancellation);
}
