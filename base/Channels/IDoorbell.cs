namespace Skerry.Base.Channels;

/// <summary>Wakes a receiver that sleeps.</summary>
public interface IDoorbell
{
    void Ring();
}
