"use strict";

const services = [
  ["chauffeurspas", "Chauffeurspas", "Voor taxichauffeurs en buschauffeurs."],
  ["verlengen", "Vergunning verlengen", "Uw vergunning loopt bijna af."],
  ["ontheffing", "Ontheffing", "Voor zwaar of breed vervoer."],
  ["bedrijf", "Vergunning voor bedrijven", "Voor vervoerders en rijscholen."],
  ["klacht", "Klacht indienen", "Bent u niet tevreden over ons?"],
  ["tarieven", "Tarieven", "Wat een pas of vergunning kost."],
  ["gegevens", "Gegevens downloaden", "Alle openbare vergunningen."],
];

const list = document.createElement("ul");
for (const [path, name, words] of services) {
  const link = document.createElement("a");
  link.href = `/diensten/${path}`;
  link.textContent = name;
  const text = document.createElement("p");
  text.textContent = words;
  const item = document.createElement("li");
  item.append(link, text);
  list.append(item);
}
document.querySelector("#lijst").replaceChildren(list);
